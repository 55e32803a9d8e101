package io.remotegpu.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Every exception that leaves a controller, or that Spring throws before one, as a problem. */
@RestControllerAdvice
class ProblemAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    private final Problems problems;

    ProblemAdvice(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<Object> problem(ProblemException problem, HttpServletRequest request) {
        return problems.answer(request, problem);
    }

    @ExceptionHandler
    ResponseEntity<Object> unreadable(HttpMessageNotReadableException unreadable, HttpServletRequest request) {
        return problems.answer(request, BodyProblems.of(unreadable));
    }

    @ExceptionHandler
    ResponseEntity<Object> invalidBody(MethodArgumentNotValidException invalid, HttpServletRequest request) {
        var errors = new ArrayList<FieldError>();
        invalid.getBindingResult()
                .getFieldErrors()
                .forEach(error -> errors.add(
                        new FieldError(FieldNames.onTheWire(error.getField()), message(error.getDefaultMessage()))));
        invalid.getBindingResult()
                .getGlobalErrors()
                .forEach(error -> errors.add(new FieldError("body", message(error.getDefaultMessage()))));
        return problems.answer(request, ProblemException.invalid(sorted(errors)));
    }

    @ExceptionHandler
    ResponseEntity<Object> invalidParameters(HandlerMethodValidationException invalid, HttpServletRequest request) {
        var body = new ArrayList<FieldError>();
        var parameters = new ArrayList<FieldError>();
        for (var result : invalid.getParameterValidationResults()) {
            if (result instanceof ParameterErrors errors) {
                errors.getFieldErrors()
                        .forEach(error -> body.add(new FieldError(
                                FieldNames.onTheWire(error.getField()), message(error.getDefaultMessage()))));
                continue;
            }
            var name = nameOf(result.getMethodParameter());
            result.getResolvableErrors()
                    .forEach(error -> parameters.add(new FieldError(name, message(error.getDefaultMessage()))));
        }
        if (parameters.isEmpty()) {
            return problems.answer(request, ProblemException.invalid(sorted(body)));
        }
        var all = sorted(parameters);
        return problems.answer(
                request,
                ProblemException.of(HttpStatus.BAD_REQUEST, "invalid_parameter", ProblemException.summary(all), all));
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongType(MethodArgumentTypeMismatchException wrong, HttpServletRequest request) {
        return problems.answer(
                request, ProblemException.badParameter(nameOf(wrong.getParameter()), TypeMismatches.message(wrong)));
    }

    @ExceptionHandler
    ResponseEntity<Object> missing(MissingServletRequestParameterException missing, HttpServletRequest request) {
        return problems.answer(
                request, ProblemException.badParameter(missing.getParameterName(), "is required: give a value"));
    }

    @ExceptionHandler
    ResponseEntity<Object> missing(MissingRequestHeaderException missing, HttpServletRequest request) {
        return problems.answer(
                request, ProblemException.badParameter(missing.getHeaderName(), "is required: send this header"));
    }

    @ExceptionHandler
    ResponseEntity<Object> binding(ServletRequestBindingException missing, HttpServletRequest request) {
        return problems.answer(
                request,
                ProblemException.of(HttpStatus.BAD_REQUEST, "invalid_parameter", message(missing.getMessage())));
    }

    @ExceptionHandler({NoResourceFoundException.class, NoHandlerFoundException.class})
    ResponseEntity<Object> noRoute(HttpServletRequest request) {
        return problems.answer(request, StatusProblems.of(HttpStatus.NOT_FOUND));
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongMethod(HttpRequestMethodNotSupportedException wrong, HttpServletRequest request) {
        var headers = new HttpHeaders();
        var allowed = wrong.getSupportedHttpMethods();
        if (allowed != null) {
            headers.setAllow(allowed);
        }
        var names = allowed == null
                ? ""
                : "; it takes "
                        + allowed.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        return problems.answer(
                request,
                ProblemException.of(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "method_not_allowed",
                        "This route does not take " + wrong.getMethod() + names + "."),
                headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongMediaType(HttpMediaTypeNotSupportedException wrong, HttpServletRequest request) {
        return problems.answer(request, StatusProblems.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE));
    }

    @ExceptionHandler
    ResponseEntity<Object> notAcceptable(HttpMediaTypeNotAcceptableException wrong, HttpServletRequest request) {
        return problems.answer(request, StatusProblems.of(HttpStatus.NOT_ACCEPTABLE));
    }

    @ExceptionHandler
    ResponseEntity<Object> unreadableQuery(InvalidParameterException unreadable, HttpServletRequest request) {
        return problems.answer(request, RequestLog.unreadableQuery());
    }

    /** The firewall looks at a header only when it is read, which may be this late. */
    @ExceptionHandler
    ResponseEntity<Object> rejected(RequestRejectedException rejected, HttpServletRequest request) {
        return problems.answer(request, StatusProblems.rejected());
    }

    @ExceptionHandler
    void gone(AsyncRequestNotUsableException e) {
        // The caller has hung up: nobody is left to answer.
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransactionException.class,
        TransientDataAccessException.class
    })
    ResponseEntity<Object> databaseAway(Exception away, HttpServletRequest request) {
        LOG.warn(
                "{} {}: the database does not answer: {}",
                request.getMethod(),
                RequestLog.path(request),
                away.toString());
        return problems.answer(request, StatusProblems.databaseUnavailable());
    }

    /** Two requests that are each fine did not go together; repeated, the later one gets its own answer. */
    @ExceptionHandler
    ResponseEntity<Object> collision(DataIntegrityViolationException collision, HttpServletRequest request) {
        LOG.warn("{} {}: {}", request.getMethod(), RequestLog.path(request), collision.toString());
        return problems.answer(
                request,
                ProblemException.of(
                        HttpStatus.CONFLICT,
                        "conflict",
                        "Another request changed the same thing meanwhile. Try again."));
    }

    @ExceptionHandler
    ResponseEntity<Object> anythingElse(Exception e, HttpServletRequest request) {
        LOG.error("{} {} failed", request.getMethod(), RequestLog.path(request), e);
        return problems.answer(request, RequestLog.internal());
    }

    private static String nameOf(MethodParameter parameter) {
        var query = parameter.getParameterAnnotation(RequestParam.class);
        var header = parameter.getParameterAnnotation(RequestHeader.class);
        var given = query != null
                ? AnnotationUtils.getValue(query)
                : header != null ? AnnotationUtils.getValue(header) : null;
        return given instanceof String name && !name.isEmpty()
                ? name
                : FieldNames.onTheWire(String.valueOf(parameter.getParameterName()));
    }

    private static String message(@Nullable String message) {
        return message == null ? "is not valid" : message;
    }

    private static List<FieldError> sorted(Collection<FieldError> errors) {
        return errors.stream()
                .distinct()
                .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::message))
                .toList();
    }
}
