package dev.weir.standalone.command;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shows where in a query an error lies: the line, and a caret below the place. */
final class QueryPlace {
    private static final Pattern POSITION = Pattern.compile("(?<![0-9])([0-9]{1,6}):([0-9]{1,6}): parse error");

    private QueryPlace() {}

    /**
     * @param message of a server, with a place as line and column, both from 1, columns in UTF-8 bytes
     * @return two lines; null if the message names no place in this query
     */
    static @Nullable String show(String query, @Nullable String message) {
        Matcher position = POSITION.matcher(message == null ? "" : message);
        if (!position.find()) {
            return null;
        }
        List<String> lines = query.lines().toList();
        int line = Integer.parseInt(position.group(1)) - 1;
        if (line < 0 || line >= lines.size()) {
            return null;
        }
        byte[] text = lines.get(line).getBytes(StandardCharsets.UTF_8);
        int before = Math.min(text.length, Integer.parseInt(position.group(2)) - 1);
        String left = new String(text, 0, Math.max(0, before), StandardCharsets.UTF_8);
        return "  " + lines.get(line) + System.lineSeparator() + "  "
                + " ".repeat(left.codePointCount(0, left.length())) + "^";
    }
}
