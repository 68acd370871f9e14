package dev.weir.exposition;

/** What {@link ParseMode#STRICT} demands beyond well-formed lines. Is told of each line in the page's order. */
interface StrictRules {
    /** The kinds of line that describe a family. */
    enum Descriptor {
        HELP,
        TYPE,
        UNIT
    }

    /** Before a descriptor of {@code family}, whose name stands at {@code at}, takes effect. */
    void onDescriptor(Descriptor kind, String family, int at, String content) throws ExpositionException;

    /** After TYPE took effect. {@code hadSamples} tells whether the family had samples before. */
    void onType(FamilyCollector.Draft family, int at, boolean hadSamples) throws ExpositionException;

    /** Before a sample is added to the family that it belongs to. */
    void onSample(FamilyCollector.Draft owner, SampleLine sample) throws ExpositionException;

    /** Before a native histogram's count and sum are added to the family that it belongs to. */
    void onNativeHistogram(FamilyCollector.Draft owner, SampleLine sample) throws ExpositionException;

    /** At the end of the page. */
    void onEnd() throws ExpositionException;

    /** Demands nothing. */
    StrictRules NONE = new StrictRules() {
        @Override
        public void onDescriptor(Descriptor kind, String family, int at, String content) {}

        @Override
        public void onType(FamilyCollector.Draft family, int at, boolean hadSamples) {}

        @Override
        public void onSample(FamilyCollector.Draft owner, SampleLine sample) {}

        @Override
        public void onNativeHistogram(FamilyCollector.Draft owner, SampleLine sample) {}

        @Override
        public void onEnd() {}
    };
}
