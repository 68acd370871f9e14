package dev.weir.promql.answers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Recorded answers in one file: a first line that says of which data and of which mode, then the answers, an empty line
 * between them.
 */
record AnswerFile(long dataSeed, boolean delayedNameRemoval, List<RecordedAnswer> answers) {
    private static final String NOW = "names removed at once";
    private static final String DELAYED = "names removed in the end";

    AnswerFile {
        answers = List.copyOf(answers);
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(dataSeed)
                .append('\t')
                .append(delayedNameRemoval ? DELAYED : NOW)
                .append('\n');
        for (RecordedAnswer answer : answers) {
            text.append('\n').append(String.join("\n", answer.lines())).append('\n');
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }

    static AnswerFile read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String[] header = lines.get(0).split("\t");
        List<RecordedAnswer> answers = new ArrayList<>();
        int from = 2;
        for (int i = from; i <= lines.size(); i++) {
            if (i == lines.size() || lines.get(i).isEmpty()) {
                answers.add(RecordedAnswer.parse(lines.subList(from, i)));
                from = i + 1;
            }
        }
        return new AnswerFile(Long.parseLong(header[0]), header[1].equals(DELAYED), answers);
    }
}
