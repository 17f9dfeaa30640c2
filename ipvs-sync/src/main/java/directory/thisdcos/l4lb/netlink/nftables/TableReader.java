package directory.thisdcos.l4lb.netlink.nftables;

import directory.thisdcos.l4lb.netlink.Attributes;
import directory.thisdcos.l4lb.netlink.MessageBuffer;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Puts one table together from its messages, in the order of the kernel's dumps or of a transaction. */
final class TableReader {
    /** struct nfgenmsg. */
    static final int HEADER_BYTES = 4;

    private static final int COMMAND_MASK = 0xff;

    private final String name;
    private final List<AddressSet> sets = new ArrayList<>();
    private final Map<String, Chain> chains = new LinkedHashMap<>();
    private final Map<String, List<List<Expression>>> rules = new TreeMap<>();
    private final Map<String, Set<Element>> elements = new TreeMap<>();
    private int flags;

    TableReader(String name) {
        this.name = name;
    }

    static Attributes attributes(ByteBuffer payload) throws NetlinkException {
        return Attributes.parse(payload.position(payload.position() + HEADER_BYTES));
    }

    /** Takes a message that adds something; others and those of other tables are nothing to us. */
    void accept(int type, ByteBuffer payload) throws NetlinkException {
        Attributes message = attributes(payload);
        if (!message.has(TableMessages.ATTR_TABLE)
                || !message.string(TableMessages.ATTR_TABLE).equals(name)) {
            return;
        }
        switch (type & COMMAND_MASK) {
            case TableMessages.NEW_TABLE ->
                flags = message.has(TableMessages.TABLE_FLAGS) ? message.networkU32(TableMessages.TABLE_FLAGS) : 0;
            case TableMessages.NEW_CHAIN -> chain(message);
            case TableMessages.NEW_RULE -> rule(message);
            case TableMessages.NEW_SET -> set(message);
            case TableMessages.NEW_ELEMENT -> elements(message);
            default -> {}
        }
    }

    private void chain(Attributes message) throws NetlinkException {
        String chain = message.string(TableMessages.CHAIN_NAME);
        boolean base = message.has(TableMessages.CHAIN_HOOK);
        Attributes hook = base ? message.nested(TableMessages.CHAIN_HOOK) : message;
        chains.put(
                chain,
                new Chain(
                        chain,
                        message.has(TableMessages.CHAIN_TYPE) ? message.string(TableMessages.CHAIN_TYPE) : "",
                        base ? hook.networkU32(TableMessages.HOOK_NUMBER) : Chain.NO_HOOK,
                        base ? hook.networkU32(TableMessages.HOOK_PRIORITY) : 0,
                        message.has(TableMessages.CHAIN_POLICY)
                                ? message.networkU32(TableMessages.CHAIN_POLICY)
                                : Chain.ACCEPT,
                        List.of()));
    }

    private void rule(Attributes message) throws NetlinkException {
        List<Expression> expressions = new ArrayList<>();
        if (message.has(TableMessages.RULE_EXPRESSIONS)) {
            for (Attributes member : message.list(TableMessages.RULE_EXPRESSIONS)) {
                expressions.add(ExpressionCodec.decode(member));
            }
        }
        rules.computeIfAbsent(message.string(TableMessages.RULE_CHAIN), chain -> new ArrayList<>())
                .add(expressions);
    }

    private void set(Attributes message) throws NetlinkException {
        sets.add(new AddressSet(
                message.string(TableMessages.SET_NAME),
                message.networkU32(TableMessages.SET_KEY_TYPE),
                message.networkU32(TableMessages.SET_KEY_LENGTH),
                hasFlag(message, TableMessages.FLAG_INTERVAL),
                hasFlag(message, TableMessages.FLAG_MAP)));
    }

    private static boolean hasFlag(Attributes set, int flag) throws NetlinkException {
        return set.has(TableMessages.SET_FLAGS) && (set.networkU32(TableMessages.SET_FLAGS) & flag) != 0;
    }

    private void elements(Attributes message) throws NetlinkException {
        Set<Element> into = elements.computeIfAbsent(message.string(TableMessages.SET_NAME), set -> new HashSet<>());
        if (!message.has(TableMessages.SET_ELEMENTS)) {
            return;
        }
        for (Attributes member : message.list(TableMessages.SET_ELEMENTS)) {
            if (member.has(TableMessages.ELEMENT_KEY)) {
                byte[] key = member.nested(TableMessages.ELEMENT_KEY).bytes(TableMessages.DATA_VALUE);
                boolean end = member.has(TableMessages.ELEMENT_FLAGS)
                        && (member.networkU32(TableMessages.ELEMENT_FLAGS) & TableMessages.ELEMENT_END) != 0;
                byte[] data = member.has(TableMessages.ELEMENT_DATA)
                        ? member.nested(TableMessages.ELEMENT_DATA).bytes(TableMessages.DATA_VALUE)
                        : new byte[0];
                into.add(new Element(Octets.of(key), end, Octets.of(data)));
            }
        }
    }

    /** Names of the sets so far. */
    List<String> setNames() {
        return sets.stream().map(AddressSet::name).toList();
    }

    Table table() {
        List<Chain> whole = chains.values().stream()
                .map(chain -> new Chain(
                        chain.name(),
                        chain.type(),
                        chain.hook(),
                        chain.priority(),
                        chain.policy(),
                        rules.getOrDefault(chain.name(), List.of())))
                .toList();
        return new Table(name, flags, sets, whole, elements);
    }

    /** A question about the table: one of the GET commands. */
    static MessageBuffer question(int command, int flags, String table) {
        return TableMessages.header(new MessageBuffer(), command, flags).string(TableMessages.ATTR_TABLE, table);
    }
}
