package directory.thisdcos.l4lb.launcher.cli;

import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A pool as it is written on the command line: {@code [NAME=]RANGE[,suffix=END]...[,drain]}. */
public record PoolText(Optional<String> name, IpRange range, List<String> suffixes, boolean drain) {
    private static final String SUFFIX = "suffix=";
    private static final String DRAIN = "drain";

    static PoolText parse(String text) {
        String[] parts = text.split(",", -1);
        int equals = parts[0].indexOf('=');
        Optional<String> name = equals < 0
                ? Optional.empty()
                : Optional.of(parts[0].substring(0, equals).strip());
        List<String> suffixes = new ArrayList<>();
        boolean drain = false;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith(SUFFIX)) {
                suffixes.add(part.substring(SUFFIX.length()));
            } else if (part.equals(DRAIN)) {
                drain = true;
            } else {
                throw new IllegalArgumentException("'" + part + "' is neither suffix=END nor drain");
            }
        }
        return new PoolText(name, IpRange.parse(parts[0].substring(equals + 1).strip()), suffixes, drain);
    }

    /** @param unnamed the name of a pool that has none */
    public Pool pool(String unnamed) {
        return new Pool(name.orElse(unnamed), range, List.of(), suffixes, drain);
    }

    /** For picocli. */
    public static final class Converter implements ITypeConverter<PoolText> {
        @Override
        public PoolText convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage()
                        + "; write [NAME=]FIRST-LAST or [NAME=]NETWORK/PREFIX, with ,suffix=END or ,drain"
                        + " after it where needed");
            }
        }
    }
}
