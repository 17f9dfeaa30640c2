package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Arrays;

/**
 * What makes two questions the same question: the name without case, the type, and the bits that change what an upstream
 * says (DO, CD). The class is always IN. Immutable, except for the one of a thread that probes the cache.
 */
final class QuestionKey implements Comparable<QuestionKey> {
    /** In place of a type, one that nobody can ask for (RFC 6895 §3.1): what is known of the name as a whole. */
    static final int NAME_DOES_NOT_EXIST = Type.OPT;

    private static final int DO = 1;
    private static final int CD = 2;

    private final byte[] bytes;
    private int nameSize;
    private int nameHash;
    private int hash;

    private QuestionKey(byte[] bytes) {
        this.bytes = bytes;
    }

    static QuestionKey of(NameView name, int type, boolean dnssecOk, boolean checkingDisabled) {
        QuestionKey key = new QuestionKey(new byte[name.length() + 3]);
        key.set(name, type, dnssecOk, checkingDisabled);
        return key;
    }

    static QuestionKey of(Name name, int type) {
        NameView view = new NameView();
        view.read(name.wire(), 0, name.length());
        return of(view, type, false, false);
    }

    /** One that can be {@link #set} again and again, to look things up. */
    static QuestionKey probe() {
        return new QuestionKey(new byte[Wire.MAX_NAME + 3]);
    }

    QuestionKey withType(int type) {
        QuestionKey key = new QuestionKey(Arrays.copyOf(bytes, nameSize + 3));
        key.nameSize = nameSize;
        key.nameHash = nameHash;
        key.setType(type);
        return key;
    }

    void set(NameView name, int type, boolean dnssecOk, boolean checkingDisabled) {
        nameSize = name.length();
        name.copyLower(bytes, 0);
        nameHash = name.hash(0);
        bytes[nameSize + 2] = (byte) ((dnssecOk ? DO : 0) | (checkingDisabled ? CD : 0));
        setType(type);
    }

    /** Only for a key that no map holds. */
    void setType(int type) {
        Wire.put16(bytes, nameSize, type);
        hash = nameHash * 31 + (type << 2 | bytes[nameSize + 2]);
    }

    int octets() {
        return bytes.length;
    }

    Name name() {
        return Name.ofWire(bytes, 0);
    }

    int type() {
        return Wire.u16(bytes, nameSize);
    }

    boolean dnssecOk() {
        return (bytes[nameSize + 2] & DO) != 0;
    }

    boolean checkingDisabled() {
        return (bytes[nameSize + 2] & CD) != 0;
    }

    /** The question section in lower case. */
    byte[] question() {
        byte[] question = Arrays.copyOf(bytes, nameSize + 4);
        Wire.put16(question, nameSize + 2, Wire.IN);
        return question;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuestionKey that
                && hash == that.hash
                && nameSize == that.nameSize
                && Arrays.equals(bytes, 0, nameSize + 3, that.bytes, 0, nameSize + 3);
    }

    /** Any total order: lets a hash table stay quick when somebody picks names that collide. */
    @Override
    public int compareTo(QuestionKey that) {
        return Arrays.compare(bytes, 0, nameSize + 3, that.bytes, 0, that.nameSize + 3);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name() + " type " + type();
    }
}
