package dev.weir.queryserver.api;

/**
 * Names with characters that do not fit a path, in the escaping scheme "values" of Prometheus: {@code U__model_2e_name} is
 * {@code model.name}, {@code U__a__b} is {@code a_b}.
 */
final class EscapedNames {
    private static final String PREFIX = "U__";
    private static final int MAX_HEX_DIGITS = 6;

    private EscapedNames() {}

    /** The name meant; the text itself if it is not escaped, or not rightly. */
    static String unescape(String text) {
        if (!text.startsWith(PREFIX)) {
            return text;
        }
        StringBuilder name = new StringBuilder(text.length());
        int i = PREFIX.length();
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '_') {
                name.append(c);
                i++;
                continue;
            }
            int end = text.indexOf('_', i + 1);
            if (end < 0) {
                return text;
            }
            if (end == i + 1) {
                name.append('_');
            } else {
                int codePoint = hex(text.substring(i + 1, end));
                if (codePoint < 0) {
                    return text;
                }
                name.appendCodePoint(codePoint);
            }
            i = end + 1;
        }
        return name.toString();
    }

    private static int hex(String digits) {
        if (digits.length() > MAX_HEX_DIGITS || !digits.matches("[0-9a-fA-F]+")) {
            return -1;
        }
        int codePoint = Integer.parseInt(digits, 16);
        boolean isText = Character.isValidCodePoint(codePoint)
                && !(codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
        return isText ? codePoint : -1;
    }
}
