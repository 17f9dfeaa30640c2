package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.BalancingOptions;

/**
 * What stands beside a VIP label.
 *
 * @param balancing of the whole service
 * @param weight of the backends that this label's carrier has, while they are eligible: 1 to 65535
 */
public record VipOptions(BalancingOptions balancing, int weight) {
    public static final VipOptions NONE = new VipOptions(BalancingOptions.NONE, 1);
}
