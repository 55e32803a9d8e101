package io.remotegpu.api.host;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.Inet6Address;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An IPv4 or IPv6 address in its usual spelling; no name, no zone. */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = IpLiteral.Check.class)
@interface IpLiteral {

    String message() default "must be an IPv4 or IPv6 address such as 192.168.1.100";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Reads the literal without asking any name server. */
    final class Check implements ConstraintValidator<IpLiteral, String> {

        private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
        private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
        private static final Pattern V6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            if (text == null || V4.matcher(text).matches()) {
                return true;
            }
            if (!text.contains(":") || !V6_CHARACTERS.matcher(text).matches()) {
                return false;
            }
            try {
                Inet6Address.ofLiteral(text);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }
}
