package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.server.Secondary;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.IpRange;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The types of option values. */
final class Converters {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private Converters() {}

    static final class OfEndpoint implements ITypeConverter<Endpoint> {
        @Override
        public Endpoint convert(String text) {
            try {
                return Endpoint.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    static final class OfSecondary implements ITypeConverter<Secondary> {
        @Override
        public Secondary convert(String text) {
            try {
                return Secondary.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    static final class OfRange implements ITypeConverter<IpRange> {
        @Override
        public IpRange convert(String text) {
            try {
                return IpRange.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage() + "; write FIRST-LAST or NETWORK/PREFIX");
            }
        }
    }

    static final class OfDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no duration; write 500ms, 10s, 5m, 1h or 2d");
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
    }
}
