package dev.weir.promql.engine;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A replacement as Go's regexp has it: {@code $1}, {@code $name}, {@code ${name}}, {@code $$}. */
final class ReplacementTemplate {
    private final String template;

    ReplacementTemplate(String template) {
        this.template = template;
    }

    /** The template with the groups of the match put in; groups that do not exist are empty. */
    String expand(Matcher matcher) {
        if (template.indexOf('$') < 0) {
            return template;
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < template.length()) {
            char c = template.charAt(i);
            if (c != '$') {
                text.append(c);
                i++;
            } else if (template.startsWith("$$", i)) {
                text.append('$');
                i += 2;
            } else {
                i = appendGroup(matcher, i, text);
            }
        }
        return text.toString();
    }

    private int appendGroup(Matcher matcher, int dollar, StringBuilder text) {
        boolean hasBraces = template.startsWith("{", dollar + 1);
        int start = dollar + (hasBraces ? 2 : 1);
        int end = start;
        while (end < template.length() && isNameCharacter(template.charAt(end))) {
            end++;
        }
        boolean isMalformed = end == start || (hasBraces && !template.startsWith("}", end));
        if (isMalformed) {
            text.append('$');
            return dollar + 1;
        }
        String value = group(matcher, template.substring(start, end));
        text.append(value == null ? "" : value);
        return hasBraces ? end + 1 : end;
    }

    private static @Nullable String group(Matcher matcher, String name) {
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            boolean exists = name.length() < 6 && Integer.parseInt(name) <= matcher.groupCount();
            return exists ? matcher.group(Integer.parseInt(name)) : null;
        }
        Pattern pattern = matcher.pattern();
        Map<String, Integer> groups = pattern.namedGroups();
        Integer index = groups.get(name);
        return index == null ? null : matcher.group(index);
    }

    private static boolean isNameCharacter(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
