package dev.weir.promql.column;

import dev.weir.promql.ast.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The warnings and infos of one query, each once, in the order in which they came up. */
public final class Annotations {
    private final String query;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> infos = new LinkedHashSet<>();
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

    /** Whether it is new. */
    public boolean add(Note note) {
        String text = note.text + position(note.span);
        recordings.forEach(recording -> recording.add(note));
        return note.isWarning ? warnings.add("PromQL warning: " + text) : infos.add("PromQL info: " + text);
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
        return new ArrayList<>(warnings);
    }

    public List<String> infos() {
        return new ArrayList<>(infos);
    }

    private String position(Span span) {
        return query.isEmpty() ? "" : " (" + span.position(query) + ")";
    }
}
