package directory.thisdcos.l4lb.netlink.nftables;

import directory.thisdcos.l4lb.netlink.MessageBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The messages of one transaction, with a name for each to blame. The kernel takes a batch between begin and end as a
 * whole (nfnetlink.c: nfnetlink_rcv_batch); the message before the end asks for the acknowledgement.
 */
final class TableMessages {
    static final int NEW_TABLE = 0;
    static final int GET_TABLE = 1;
    static final int DELETE_TABLE = 2;
    static final int NEW_CHAIN = 3;
    static final int GET_CHAIN = 4;
    static final int NEW_RULE = 6;
    static final int GET_RULE = 7;
    static final int NEW_SET = 9;
    static final int GET_SET = 10;
    static final int NEW_ELEMENT = 12;
    static final int GET_ELEMENT = 13;
    static final int DELETE_ELEMENT = 14;
    static final int GET_GENERATION = 16;

    static final int ATTR_TABLE = 1;
    static final int TABLE_FLAGS = 2;
    static final int CHAIN_NAME = 3;
    static final int CHAIN_HOOK = 4;
    static final int CHAIN_POLICY = 5;
    static final int CHAIN_TYPE = 7;
    static final int HOOK_NUMBER = 1;
    static final int HOOK_PRIORITY = 2;
    static final int RULE_CHAIN = 2;
    static final int RULE_EXPRESSIONS = 4;
    static final int SET_NAME = 2;
    static final int SET_FLAGS = 3;
    static final int SET_KEY_TYPE = 4;
    static final int SET_KEY_LENGTH = 5;
    static final int SET_DATA_TYPE = 6;
    static final int SET_DATA_LENGTH = 7;
    static final int SET_ELEMENTS = 3;
    static final int ELEMENT_KEY = 1;
    static final int ELEMENT_DATA = 2;
    static final int ELEMENT_FLAGS = 3;
    static final int ELEMENT_END = 1;
    static final int DATA_VALUE = 1;

    static final int FLAG_INTERVAL = 0x4;
    static final int FLAG_MAP = 0x8;

    private static final int SUBSYSTEM = 10;
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    static final int NFPROTO_ANY = 0;
    private static final int NFPROTO_INET = 1;
    private static final int LIST_MEMBER = 1;
    private static final int SET_ID = 10;
    private static final int SET_USER_DATA = 13;

    /** What nft needs to print bounds of ranges: tag 0 (byte order of the key), 4 bytes, 2 (big endian). */
    private static final byte[] BIG_ENDIAN_KEY = {0, 4, 2, 0, 0, 0};

    /** The same for the marks of a map: tag 1 (byte order of the data), 4 bytes, 1 (of the host). */
    private static final byte[] HOST_DATA = {1, 4, 1, 0, 0, 0};

    /** A nest's length has 16 bits; the longest element has 56 bytes. */
    private static final int ELEMENTS_PER_MESSAGE = 1000;

    private final MessageBuffer out = new MessageBuffer();
    private final List<String> names = new ArrayList<>();

    TableMessages() {
        names.add("the beginning");
        batch(BATCH_BEGIN);
    }

    /** struct nfgenmsg: u8 family, u8 version, u16 subsystem in network order. */
    private void batch(int type) {
        out.message(type, 0).rawU8(0).rawU8(0).rawU8(0).rawU8(SUBSYSTEM);
    }

    static MessageBuffer header(MessageBuffer out, int command, int flags) {
        return header(out, command, flags, NFPROTO_INET);
    }

    static MessageBuffer header(MessageBuffer out, int command, int flags, int family) {
        return out.message(SUBSYSTEM << 8 | command, flags)
                .rawU8(family)
                .rawU8(0)
                .rawU16(0);
    }

    private MessageBuffer begin(String name, int command, int flags) {
        names.add(name);
        return header(out, command, flags);
    }

    /** The table in place of one that may be there: making an existing one does nothing, and then it can be removed. */
    void replace(Table table) {
        table(table, NEW_TABLE);
        table(table, DELETE_TABLE);
        table(table, NEW_TABLE);
        table.chains().forEach(chain -> chain(table.name(), chain));
        int id = 1;
        for (AddressSet set : table.sets()) {
            set(table.name(), set, id++);
            add(table.name(), set.name(), table.elementsOf(set.name()));
        }
        table.chains().forEach(chain -> chain.rules().forEach(rule -> rule(table.name(), chain.name(), rule)));
    }

    private void table(Table table, int command) {
        begin("table " + table.name(), command, command == NEW_TABLE ? MessageBuffer.NLM_F_CREATE : 0)
                .string(ATTR_TABLE, table.name());
        if (command == NEW_TABLE) {
            out.networkU32(TABLE_FLAGS, table.flags());
        }
    }

    void delete(String table) {
        begin("table " + table, DELETE_TABLE, 0).string(ATTR_TABLE, table);
    }

    private void chain(String table, Chain chain) {
        begin("chain " + chain.name(), NEW_CHAIN, MessageBuffer.NLM_F_CREATE)
                .string(ATTR_TABLE, table)
                .string(CHAIN_NAME, chain.name())
                .string(CHAIN_TYPE, chain.type())
                .networkU32(CHAIN_POLICY, chain.policy());
        int hook = out.nest(CHAIN_HOOK);
        out.networkU32(HOOK_NUMBER, chain.hook())
                .networkU32(HOOK_PRIORITY, chain.priority())
                .endNest(hook);
    }

    private void rule(String table, String chain, List<Expression> expressions) {
        begin("a rule of chain " + chain, NEW_RULE, MessageBuffer.NLM_F_CREATE | MessageBuffer.NLM_F_APPEND)
                .string(ATTR_TABLE, table)
                .string(RULE_CHAIN, chain);
        int list = out.nest(RULE_EXPRESSIONS);
        for (Expression expression : expressions) {
            int member = out.nest(LIST_MEMBER);
            ExpressionCodec.encode(out, expression);
            out.endNest(member);
        }
        out.endNest(list);
    }

    private void set(String table, AddressSet set, int id) {
        begin("set " + set.name(), NEW_SET, MessageBuffer.NLM_F_CREATE)
                .string(ATTR_TABLE, table)
                .string(SET_NAME, set.name())
                .networkU32(SET_FLAGS, (set.interval() ? FLAG_INTERVAL : 0) | (set.toMarks() ? FLAG_MAP : 0))
                .networkU32(SET_KEY_TYPE, set.keyType())
                .networkU32(SET_KEY_LENGTH, set.keyLength())
                .networkU32(SET_ID, id);
        if (set.toMarks()) {
            out.networkU32(SET_DATA_TYPE, AddressSet.MARK).networkU32(SET_DATA_LENGTH, Integer.BYTES);
        }
        if (set.interval()) {
            out.bytes(SET_USER_DATA, BIG_ENDIAN_KEY);
        } else if (set.toMarks()) {
            out.bytes(SET_USER_DATA, HOST_DATA);
        }
    }

    void add(String table, String set, Collection<Element> elements) {
        elements(NEW_ELEMENT, MessageBuffer.NLM_F_CREATE, table, set, elements);
    }

    void remove(String table, String set, Collection<Element> elements) {
        elements(DELETE_ELEMENT, 0, table, set, elements);
    }

    private void elements(int command, int flags, String table, String set, Collection<Element> elements) {
        List<Element> all = elements.stream().sorted(Element.ORDER).toList();
        for (int first = 0; first < all.size(); first += ELEMENTS_PER_MESSAGE) {
            begin("elements of set " + set, command, flags)
                    .string(ATTR_TABLE, table)
                    .string(SET_NAME, set);
            int list = out.nest(SET_ELEMENTS);
            all.subList(first, Math.min(all.size(), first + ELEMENTS_PER_MESSAGE))
                    .forEach(this::element);
            out.endNest(list);
        }
    }

    private void element(Element element) {
        int member = out.nest(LIST_MEMBER);
        if (element.end()) {
            out.networkU32(ELEMENT_FLAGS, ELEMENT_END);
        }
        int key = out.nest(ELEMENT_KEY);
        out.bytes(DATA_VALUE, element.key().toArray()).endNest(key);
        if (element.data().toArray().length > 0) {
            int data = out.nest(ELEMENT_DATA);
            out.bytes(DATA_VALUE, element.data().toArray()).endNest(data);
        }
        out.endNest(member);
    }

    boolean isEmpty() {
        return names.size() == 1;
    }

    /** The whole batch; nothing can be added any more. */
    MessageBuffer finish() {
        out.acknowledgeLast();
        names.add("the end");
        batch(BATCH_END);
        return out;
    }

    /** What the message at this place is about. */
    String name(int index) {
        return names.get(index);
    }
}
