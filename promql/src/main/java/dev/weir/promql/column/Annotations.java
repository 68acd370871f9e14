package dev.weir.promql.column;

import dev.weir.promql.ast.Span;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The warnings and infos of one query, each text once, in the order in which they came up. A text that several parts of
 * the query give is placed at the one that is evaluated last: the outer one of two, the right one of two beside each
 * other.
 */
public final class Annotations {
    private final String query;
    private final Map<String, Span> warnings = new LinkedHashMap<>();
    private final Map<String, Span> infos = new LinkedHashMap<>();
    private final Deque<Set<Note>> recordings = new ArrayDeque<>();

    public Annotations(String query) {
        this.query = query;
    }

    /** One warning, or else info. */
    public record Note(boolean isWarning, Span span, String text) {
        public Note at(Span other) {
            return new Note(isWarning, other, text);
        }
    }

    /** Whether its text is new. */
    public boolean add(Note note) {
        recordings.forEach(recording -> recording.add(note));
        Map<String, Span> known = note.isWarning ? warnings : infos;
        int before = known.size();
        known.merge((note.isWarning ? "PromQL warning: " : "PromQL info: ") + note.text, note.span, Annotations::later);
        return known.size() > before;
    }

    /** What is noted while {@code action} runs, each once. */
    public Set<Note> recorded(Runnable action) {
        Set<Note> recording = new LinkedHashSet<>();
        recordings.push(recording);
        action.run();
        recordings.pop();
        return recording;
    }

    public List<String> warnings() {
        return placed(warnings);
    }

    public List<String> infos() {
        return placed(infos);
    }

    private List<String> placed(Map<String, Span> annotations) {
        return annotations.entrySet().stream()
                .map(annotation -> annotation.getKey() + position(annotation.getValue()))
                .toList();
    }

    private static Span later(Span a, Span b) {
        return b.end() > a.end() || (b.end() == a.end() && b.start() <= a.start()) ? b : a;
    }

    private String position(Span span) {
        return query.isEmpty() ? "" : " (" + span.position(query) + ")";
    }
}
