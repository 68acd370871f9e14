package dev.weir.promql.engine;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A replacement as Go's regexp has it: {@code $1}, {@code $name}, {@code ${name}}, {@code $$}. */
final class ReplacementTemplate {
    private final List<Part> parts = new ArrayList<>();
    private final int groupCount;

    /** @param pattern whose groups the template names; those that it has not are empty */
    ReplacementTemplate(String template, Pattern pattern) {
        this.groupCount = pattern.groupCount();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < template.length()) {
            char c = template.charAt(i);
            if (c != '$') {
                literal.append(c);
                i++;
                continue;
            }
            boolean hasBraces = template.startsWith("{", i + 1);
            int start = i + (hasBraces ? 2 : 1);
            int end = start;
            while (end < template.length() && isNameCharacter(template.charAt(end))) {
                end++;
            }
            boolean isReference = end > start && (!hasBraces || template.startsWith("}", end));
            if (!isReference) {
                literal.append('$');
                i += template.startsWith("$$", i) ? 2 : 1;
                continue;
            }
            addLiteral(literal);
            addGroup(pattern, template.substring(start, end));
            i = hasBraces ? end + 1 : end;
        }
        addLiteral(literal);
    }

    /** Text, or the number of a group. */
    private record Part(String literal, int group) {}

    /**
     * The template with the groups of the match put in; null if that is longer than {@code maxLength} characters.
     *
     * @param matcher of the template's pattern, which has matched
     */
    @Nullable
    String expand(Matcher matcher, int maxLength) {
        @Nullable String[] groups = new @Nullable String[groupCount + 1];
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(part.group < 0 ? part.literal : group(matcher, part.group, groups));
            if (text.length() > maxLength) {
                return null;
            }
        }
        return text.toString();
    }

    private static String group(Matcher matcher, int group, @Nullable String[] known) {
        String value = known[group];
        if (value == null) {
            String matched = matcher.group(group);
            value = matched == null ? "" : matched;
            known[group] = value;
        }
        return value;
    }

    private void addLiteral(StringBuilder literal) {
        if (!literal.isEmpty()) {
            parts.add(new Part(literal.toString(), -1));
            literal.setLength(0);
        }
    }

    private void addGroup(Pattern pattern, String name) {
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            boolean exists = name.length() < 6 && Integer.parseInt(name) <= groupCount;
            if (exists) {
                parts.add(new Part("", Integer.parseInt(name)));
            }
            return;
        }
        Integer index = pattern.namedGroups().get(name);
        if (index != null) {
            parts.add(new Part("", index));
        }
    }

    private static boolean isNameCharacter(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
