package directory.thisdcos.l4lb.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the number that the kernel gave to a generic netlink family; it changes when the module is loaded anew. */
public final class GenericFamily {
    private static final Logger log = LoggerFactory.getLogger(GenericFamily.class);

    private static final int GENL_ID_CTRL = 0x10;
    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_VERSION = 2;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;
    private static final int GENL_HEADER_BYTES = 4;
    private static final int MODPROBE_SECONDS = 20;

    private GenericFamily() {}

    /**
     * The family's id. The kernel tries to load the module by itself; where its own modprobe cannot (another root, no
     * alias), {@code modprobe MODULE} is run once.
     *
     * @throws NetlinkException ENOENT if there is no such family
     */
    public static int resolve(NetlinkSocket socket, String family, String module) throws NetlinkException {
        try {
            return ask(socket, family);
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ENOENT || !modprobe(module)) {
                throw e;
            }
            return ask(socket, family);
        }
    }

    /** The family's id if it is there already. */
    public static int ask(NetlinkSocket socket, String family) throws NetlinkException {
        MessageBuffer request = new MessageBuffer()
                .generic(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_VERSION, MessageBuffer.NLM_F_ACK)
                .string(CTRL_ATTR_FAMILY_NAME, family);
        List<ByteBuffer> answers = socket.request(request);
        if (answers.isEmpty()) {
            throw new NetlinkException(Errno.ENOENT, "no generic netlink family " + family);
        }
        return Attributes.parse(answers.get(0).position(GENL_HEADER_BYTES)).u16(CTRL_ATTR_FAMILY_ID);
    }

    private static boolean modprobe(String module) {
        for (String program : List.of("modprobe", "/sbin/modprobe")) {
            try {
                Process process = new ProcessBuilder(program, module)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (!process.waitFor(MODPROBE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return false;
                }
                log.info("modprobe {} exit={}", module, process.exitValue());
                return process.exitValue() == 0;
            } catch (IOException e) {
                log.debug("{} does not run: {}", program, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }
}
