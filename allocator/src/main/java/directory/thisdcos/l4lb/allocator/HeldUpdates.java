package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a frozen source said meanwhile, folded into one step. For one thread. */
final class HeldUpdates {
    private final Map<String, Declarations> units = new LinkedHashMap<>();
    private final Set<String> gone = new HashSet<>();
    private boolean whole;
    private boolean complete;

    void add(SourceUpdate update) {
        complete |= update.complete();
        if (update.whole()) {
            whole = true;
            units.clear();
            gone.clear();
        }
        update.gone().forEach(unit -> {
            units.remove(unit);
            gone.add(unit);
        });
        update.units().forEach((unit, said) -> {
            gone.remove(unit);
            units.put(unit, said);
        });
    }

    /** Number of units that would change hands. */
    int size() {
        return units.size() + gone.size();
    }

    /** All of it as one step, received now. */
    SourceUpdate fold(String source) {
        return new SourceUpdate(source, whole, complete, units, whole ? Set.of() : gone, System.nanoTime());
    }
}
