package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.LegacyTables;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.nftables.NftablesSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Chains FORWARD that drop what no rule of theirs accepts, for who looks without an engine. */
public final class ForwardPolicies {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ForwardPolicies() {}

    /** Those that this user can see. */
    public static List<String> dropping() {
        List<String> dropping = new ArrayList<>(LegacyTables.droppingForward());
        try (NftablesSocket nft = NftablesSocket.of(PATIENCE)) {
            nft.droppingForward().forEach(chain -> dropping.add("nftables " + chain));
        } catch (NetlinkException e) {
            // No nftables, or no right to look; the other checks say which.
        }
        return dropping;
    }
}
