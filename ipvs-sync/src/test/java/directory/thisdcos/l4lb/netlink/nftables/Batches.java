package directory.thisdcos.l4lb.netlink.nftables;

import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Transactions as bytes. */
public final class Batches {
    private static final int HEADER_BYTES = 16;
    private static final int TYPE_OFFSET = 4;
    private static final int SUBSYSTEM = 10;

    private Batches() {}

    /** The table that the transaction would make. */
    public static Table decode(String name, byte[] batch) throws NetlinkException {
        TableReader reader = new TableReader(name);
        ByteBuffer bytes = ByteBuffer.wrap(batch).order(ByteOrder.nativeOrder());
        for (int at = 0; at < batch.length; at += bytes.getInt(at)) {
            int type = bytes.getShort(at + TYPE_OFFSET);
            if (type >> 8 == SUBSYSTEM) {
                reader.accept(type, bytes.slice(at + HEADER_BYTES, bytes.getInt(at) - HEADER_BYTES));
            }
        }
        return reader.table();
    }

    public static byte[] encode(Table table) {
        TableMessages messages = new TableMessages();
        messages.replace(table);
        return messages.finish().toByteArray();
    }
}
