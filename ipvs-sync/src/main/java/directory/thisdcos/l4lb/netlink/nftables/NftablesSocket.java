package directory.thisdcos.l4lb.netlink.nftables;

import directory.thisdcos.l4lb.netlink.Attributes;
import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.MessageBuffer;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The kernel's nftables. Runs on: one thread at a time. Each write is one transaction: all of it is done, or nothing. */
public final class NftablesSocket implements AutoCloseable {
    private static final int GENERATION_ID = 1;

    /** A table that somebody rewrites all the time is reported as last seen. */
    private static final int READ_ATTEMPTS = 5;

    private final NetlinkSocket socket;

    private NftablesSocket(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** In the network namespace of the thread that uses it first; no single wait is longer than {@code timeout}. */
    public static NftablesSocket of(Duration timeout) {
        return new NftablesSocket(NetlinkSocket.unopened(NetlinkSocket.NETLINK_NETFILTER, timeout));
    }

    /** A number that changes with every change of any table of this namespace. */
    public int generation() throws NetlinkException {
        MessageBuffer request =
                TableMessages.header(new MessageBuffer(), TableMessages.GET_GENERATION, MessageBuffer.NLM_F_ACK);
        List<ByteBuffer> answers = socket.request(request);
        if (answers.isEmpty()) {
            throw new NetlinkException(Errno.EPROTO, "nftables has no generation");
        }
        return TableReader.attributes(answers.get(0)).networkU32(GENERATION_ID);
    }

    /** What one generation had. */
    public record Snapshot(int generation, Optional<Table> table) {}

    /** The table of family inet with this name, as of one generation. */
    public Snapshot read(String name) throws NetlinkException {
        int generation = generation();
        for (int attempt = 1; ; attempt++) {
            Optional<Table> table = readOnce(name);
            int after = generation();
            if (after == generation || attempt == READ_ATTEMPTS) {
                return new Snapshot(generation, table);
            }
            generation = after;
        }
    }

    private Optional<Table> readOnce(String name) throws NetlinkException {
        TableReader reader = new TableReader(name);
        List<ByteBuffer> answers;
        try {
            answers = socket.request(TableReader.question(TableMessages.GET_TABLE, MessageBuffer.NLM_F_ACK, name));
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
        for (ByteBuffer answer : answers) {
            reader.accept(TableMessages.NEW_TABLE, answer);
        }
        for (int command : new int[] {TableMessages.GET_CHAIN, TableMessages.GET_RULE, TableMessages.GET_SET}) {
            socket.dump(TableReader.question(command, MessageBuffer.NLM_F_DUMP, name), reader::accept);
        }
        for (String set : reader.setNames()) {
            socket.dump(
                    TableReader.question(TableMessages.GET_ELEMENT, MessageBuffer.NLM_F_DUMP, name)
                            .string(TableMessages.SET_NAME, set),
                    reader::accept);
        }
        return Optional.of(reader.table());
    }

    /** The base chains of all tables, as {@code TABLE CHAIN}, that drop what is forwarded unless a rule accepts it. */
    public Set<String> droppingForward() throws NetlinkException {
        Set<String> found = new TreeSet<>();
        MessageBuffer request = TableMessages.header(
                new MessageBuffer(), TableMessages.GET_CHAIN, MessageBuffer.NLM_F_DUMP, TableMessages.NFPROTO_ANY);
        socket.dump(request, (type, payload) -> {
            Attributes chain = TableReader.attributes(payload);
            if (chain.has(TableMessages.CHAIN_HOOK)
                    && chain.nested(TableMessages.CHAIN_HOOK).networkU32(TableMessages.HOOK_NUMBER) == Chain.FORWARD
                    && chain.has(TableMessages.CHAIN_POLICY)
                    && chain.networkU32(TableMessages.CHAIN_POLICY) == Chain.DROP) {
                found.add(chain.string(TableMessages.ATTR_TABLE) + " " + chain.string(TableMessages.CHAIN_NAME));
            }
        });
        return found;
    }

    /** Puts the table in the place of the one with its name, if there is one. */
    public void replace(Table table) throws NetlinkException {
        TableMessages messages = new TableMessages();
        messages.replace(table);
        commit(messages);
    }

    /** Removes elements and adds others, by the name of their set; adding one that is there is no error. */
    public void change(String table, Map<String, Set<Element>> remove, Map<String, Set<Element>> add)
            throws NetlinkException {
        TableMessages messages = new TableMessages();
        remove.forEach((set, elements) -> messages.remove(table, set, elements));
        add.forEach((set, elements) -> messages.add(table, set, elements));
        if (!messages.isEmpty()) {
            commit(messages);
        }
    }

    /** Removes a table that is there; ENOENT if it is not. */
    public void delete(String table) throws NetlinkException {
        TableMessages messages = new TableMessages();
        messages.delete(table);
        commit(messages);
    }

    private void commit(TableMessages messages) throws NetlinkException {
        int[] errors = socket.transaction(messages.finish());
        for (int i = 0; i < errors.length; i++) {
            if (errors[i] != 0) {
                throw new NetlinkException(errors[i], "nftables, " + messages.name(i));
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
