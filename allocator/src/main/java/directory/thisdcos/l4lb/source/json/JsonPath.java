package directory.thisdcos.l4lb.source.json;

import org.jspecify.annotations.Nullable;

/** A place in a document; its text is made only when somebody reports it. */
record JsonPath(@Nullable JsonPath parent, String segment) {

    static final JsonPath ROOT = new JsonPath(null, "");

    JsonPath field(String name) {
        boolean plain = name.chars().allMatch(c -> c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
        return new JsonPath(this, plain && !name.isEmpty() ? "." + name : "[\"" + name + "\"]");
    }

    JsonPath index(int index) {
        return new JsonPath(this, "[" + index + "]");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text);
        return text.length() > 0 && text.charAt(0) == '.' ? text.substring(1) : text.toString();
    }

    private void append(StringBuilder text) {
        if (parent != null) {
            parent.append(text);
        }
        text.append(segment);
    }
}
