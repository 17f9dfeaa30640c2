package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.runtime.Problem;

/**
 * A change that no batch can hold, so that it was left out.
 *
 * @param reason one line with the size and the limit
 */
public record Refusal(Change change, String reason) {

    public Problem problem() {
        return new Problem("change-refused", subject(), "it was not written into the table: " + reason);
    }

    private String subject() {
        if (change instanceof Change.ServicePut put) {
            return put.key() + " with " + put.spec().origins().size() + " origins";
        }
        if (change instanceof Change.BackendPut put) {
            return put.key() + " backend " + put.backend().address();
        }
        return change.target().map(Object::toString).orElse("settings");
    }
}
