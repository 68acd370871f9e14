package dev.weir.exposition;

final class StrictOpenMetricsRules implements StrictRules {
    StrictOpenMetricsRules(Scanner in) {}

    @Override
    public void onDescriptor(Descriptor kind, String family, int at, String content) {}

    @Override
    public void onType(FamilyCollector.Draft family, int at, boolean hadSamples) {}

    @Override
    public void onSample(FamilyCollector.Draft owner, SampleLine sample) {}

    @Override
    public void onEnd() {}
}
