package io.remotegpu.api.web;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.constraints.Size;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.BindingResult;
import org.springframework.validation.Errors;
import org.springframework.validation.FieldError;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Bean validation whose time is bounded, whatever a body holds.
 *
 * <p>Hibernate Validator compares the faults of all elements of a list with each other, and so does Spring: tens of
 * thousands of them, which fit into one small body, would keep a processor busy for minutes. So a list or map that is
 * too long is refused before its elements are looked at, and of many faults only the first are reported.
 */
final class FewViolations extends LocalValidatorFactoryBean {

    private static final int MOST = 50;

    @Override
    public void validate(Object target, Errors errors) {
        if (!tooLong(target, errors)) {
            super.validate(target, errors);
        }
    }

    @Override
    public void validate(Object target, Errors errors, Object... validationHints) {
        if (!tooLong(target, errors)) {
            super.validate(target, errors, validationHints);
        }
    }

    @Override
    protected void processConstraintViolations(Set<ConstraintViolation<Object>> violations, Errors errors) {
        super.processConstraintViolations(violations.size() <= MOST ? violations : few(violations), errors);
    }

    private static boolean tooLong(Object target, Errors errors) {
        var components = target.getClass().getRecordComponents();
        if (components == null || !(errors instanceof BindingResult result)) {
            return false;
        }
        var found = false;
        for (var component : components) {
            var size = component.getAccessor().getAnnotation(Size.class);
            if (size != null && length(component, target) > size.max()) {
                result.addError(new FieldError(
                        errors.getObjectName(), component.getName(), "must have at most " + size.max() + " elements"));
                found = true;
            }
        }
        return found;
    }

    /** How many elements a list or map has; 0 for anything else. */
    private static int length(RecordComponent component, Object target) {
        var type = component.getType();
        if (!Collection.class.isAssignableFrom(type) && !Map.class.isAssignableFrom(type)) {
            return 0;
        }
        var accessor = component.getAccessor();
        ReflectionUtils.makeAccessible(accessor);
        var value = ReflectionUtils.invokeMethod(accessor, target);
        return value instanceof Collection<?> list ? list.size() : value instanceof Map<?, ?> map ? map.size() : 0;
    }

    /** A field's own fault goes before those of its elements. */
    private static Set<ConstraintViolation<Object>> few(Set<ConstraintViolation<Object>> violations) {
        return violations.stream()
                .sorted(Comparator.comparingInt(
                        violation -> violation.getPropertyPath().toString().length()))
                .limit(MOST)
                .collect(Collectors.toUnmodifiableSet());
    }
}
