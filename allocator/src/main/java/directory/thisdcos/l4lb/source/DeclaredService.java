package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import java.util.List;

/**
 * A virtual service as one source declares it.
 *
 * @param origins who declares it, sorted; never empty
 * @param backends one for each address, sorted by address
 */
public record DeclaredService(ServiceKey key, List<Origin> origins, List<Backend> backends) {
    public DeclaredService {
        origins = List.copyOf(origins);
        backends = List.copyOf(backends);
    }
}
