package dev.weir.configuration.relabel;

import com.google.re2j.Matcher;
import java.util.Map;

/**
 * Replacement templates with the rules of Go's {@code Regexp.Expand}: <code>$name</code> and <code>${name}</code>, the
 * name being the longest run of letters, digits and underscores and all digits meaning a group's number; an unknown group
 * is empty, {@code $$} is a dollar sign, a {@code $} that starts no name stands for itself.
 */
final class Template {
    private Template() {}

    static boolean hasVariable(String template) {
        return template.indexOf('$') >= 0;
    }

    static String expand(String template, Matcher match, Map<String, Integer> groupsByName) {
        if (!hasVariable(template)) {
            return template;
        }
        StringBuilder expanded = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '$') {
                expanded.append(c);
                at++;
            } else if (template.startsWith("$$", at)) {
                expanded.append('$');
                at += 2;
            } else {
                boolean braced = template.startsWith("${", at);
                int start = at + (braced ? 2 : 1);
                int end = start;
                while (end < template.length() && isWord(template.charAt(end))) {
                    end++;
                }
                boolean closed = !braced || (end < template.length() && template.charAt(end) == '}');
                if (end == start || !closed) {
                    expanded.append('$');
                    at++;
                } else {
                    expanded.append(group(template.substring(start, end), match, groupsByName));
                    at = braced ? end + 1 : end;
                }
            }
        }
        return expanded.toString();
    }

    private static String group(String name, Matcher match, Map<String, Integer> groupsByName) {
        Integer number = groupsByName.get(name);
        if (number == null && name.length() <= 9 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            number = Integer.valueOf(name);
        }
        if (number == null || number > match.groupCount()) {
            return "";
        }
        String value = match.group(number);
        return value == null ? "" : value;
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
