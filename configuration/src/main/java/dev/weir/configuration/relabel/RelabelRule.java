package dev.weir.configuration.relabel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.series.Labels;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One relabelling rule, with the meaning of Prometheus' {@code relabel_config}. The regular expression is RE2, matches the
 * whole text and lets {@code .} match line ends. Immutable and safe for use by several threads.
 *
 * @param modulus of {@code hashmod}, unsigned; 0 if none
 * @param replacement a template, see Go's {@code Regexp.Expand}
 */
public record RelabelRule(
        RelabelAction action,
        List<String> sourceLabels,
        String separator,
        Pattern regex,
        long modulus,
        String targetLabel,
        String replacement)
        implements Serializable {
    public static final String DEFAULT_SEPARATOR = ";";
    public static final String DEFAULT_REGEX = "(.*)";
    public static final String DEFAULT_REPLACEMENT = "$1";

    /**
     * @throws IllegalArgumentException if the action lacks a part it needs, or has one that it would ignore
     */
    public RelabelRule {
        sourceLabels = List.copyOf(sourceLabels);
        switch (action) {
            case REPLACE, LOWERCASE, UPPERCASE, HASHMOD, KEEPEQUAL, DROPEQUAL -> {
                if (targetLabel.isEmpty()) {
                    throw new IllegalArgumentException("relabel action " + action + " without target_label");
                }
            }
            default -> {}
        }
        boolean defaultRegex = regex.pattern().equals(DEFAULT_REGEX);
        boolean defaultReplacement = replacement.equals(DEFAULT_REPLACEMENT);
        boolean defaultSeparator = separator.equals(DEFAULT_SEPARATOR);
        switch (action) {
            case HASHMOD -> check(modulus != 0, "relabel action hashmod without modulus (expected: > 0)");
            case LOWERCASE, UPPERCASE ->
                check(defaultReplacement, "relabel action " + action + " with replacement (expected: none)");
            case LABELMAP ->
                check(
                        !replacement.isEmpty(),
                        "relabel action labelmap with an empty replacement (expected: a label name)");
            case KEEPEQUAL, DROPEQUAL ->
                check(
                        defaultRegex && defaultReplacement && defaultSeparator && modulus == 0,
                        "relabel action " + action + " (expected: only source_labels and target_label)");
            case LABELDROP, LABELKEEP ->
                check(
                        sourceLabels.isEmpty()
                                && targetLabel.isEmpty()
                                && defaultReplacement
                                && defaultSeparator
                                && modulus == 0,
                        "relabel action " + action + " (expected: only regex)");
            default -> {}
        }
    }

    /**
     * The regular expression of a rule.
     *
     * @throws IllegalArgumentException if {@code regex} is no RE2 expression
     */
    public static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("regex \"" + regex + "\": " + e.getMessage() + " (expected: RE2)", e);
        }
    }

    /** {@code labels} after all rules in order, or null if one of them dropped the set. */
    public static @Nullable Labels apply(List<RelabelRule> rules, Labels labels) {
        Labels present = labels;
        for (RelabelRule rule : rules) {
            Labels next = rule.apply(present);
            if (next == null) {
                return null;
            }
            present = next;
        }
        return present;
    }

    /** {@code labels} after this rule, or null if it drops the set. */
    public @Nullable Labels apply(Labels labels) {
        String value = sourceValue(labels);
        return switch (action) {
            case DROP -> regex.matches(value) ? null : labels;
            case KEEP -> regex.matches(value) ? labels : null;
            case DROPEQUAL -> labels.getOrEmpty(targetLabel).equals(value) ? null : labels;
            case KEEPEQUAL -> labels.getOrEmpty(targetLabel).equals(value) ? labels : null;
            case REPLACE -> replace(labels, value);
            case LOWERCASE -> set(labels, targetLabel, value.toLowerCase(Locale.ROOT));
            case UPPERCASE -> set(labels, targetLabel, value.toUpperCase(Locale.ROOT));
            case HASHMOD ->
                set(labels, targetLabel, Long.toUnsignedString(Long.remainderUnsigned(hash(value), modulus)));
            case LABELDROP -> labels.filter(name -> !regex.matches(name));
            case LABELKEEP -> labels.filter(regex::matches);
            case LABELMAP -> mapNames(labels);
        };
    }

    private String sourceValue(Labels labels) {
        if (sourceLabels.size() == 1) {
            return labels.getOrEmpty(sourceLabels.get(0));
        }
        StringJoiner joined = new StringJoiner(separator);
        sourceLabels.forEach(name -> joined.add(labels.getOrEmpty(name)));
        return joined.toString();
    }

    private Labels replace(Labels labels, String value) {
        Matcher match = regex.matcher(value);
        if (!match.matches()) {
            return labels;
        }
        String target = Template.expand(targetLabel, match, regex.namedGroups());
        return target.isEmpty()
                ? labels
                : set(labels, target, Template.expand(replacement, match, regex.namedGroups()));
    }

    private Labels mapNames(Labels labels) {
        Labels.Builder mapped = labels.toBuilder();
        labels.forEach((name, value) -> {
            Matcher match = regex.matcher(name);
            if (match.matches()) {
                String target = Template.expand(replacement, match, regex.namedGroups());
                if (!target.isEmpty()) {
                    mapped.set(target, value);
                }
            }
        });
        return mapped.build();
    }

    private static Labels set(Labels labels, String name, String value) {
        return labels.getOrEmpty(name).equals(value)
                ? labels
                : labels.toBuilder().set(name, value).build();
    }

    /** The last eight bytes of the MD5 sum, big-endian, as Prometheus takes them. */
    private static long hash(String value) {
        try {
            byte[] sum = MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(sum).getLong(8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
