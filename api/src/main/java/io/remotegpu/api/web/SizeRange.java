package io.remotegpu.api.web;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Smallest and largest {@link ByteSize}, as requests write them. */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SizeRange.Check.class)
public @interface SizeRange {

    String min() default "0";

    String max() default "1Pi";

    String message() default "must be from {min} to {max}";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Compares. */
    final class Check implements ConstraintValidator<SizeRange, ByteSize> {

        private long min;
        private long max;

        @Override
        public void initialize(SizeRange range) {
            min = ByteSize.parse(range.min()).bytes();
            max = ByteSize.parse(range.max()).bytes();
        }

        @Override
        public boolean isValid(@Nullable ByteSize size, ConstraintValidatorContext context) {
            return size == null || (size.bytes() >= min && size.bytes() <= max);
        }
    }
}
