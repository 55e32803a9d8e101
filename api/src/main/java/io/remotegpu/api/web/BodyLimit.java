package io.remotegpu.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.ToLongFunction;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/**
 * Refuses bodies beyond the limit: by their announced length, or as soon as more than that arrives; and those that dribble
 * in. The server's own timeout is for one read, and begins again with every byte.
 */
final class BodyLimit extends OncePerRequestFilter {

    /** Says that the body did not come, and is no longer waited for. */
    static final String UNREAD = BodyLimit.class.getName() + ".unread";

    private static final int MOST_THROWN_AWAY = 1 << 20;

    private final ToLongFunction<HttpServletRequest> limits;
    private final Duration timeout;
    private final Problems problems;

    /** @param limits in bytes, by request */
    BodyLimit(ToLongFunction<HttpServletRequest> limits, Duration timeout, Problems problems) {
        this.limits = limits;
        this.timeout = timeout;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var began = System.nanoTime();
        var limit = limits.applyAsLong(request);
        try {
            if (request.getContentLengthLong() > limit) {
                problems.write(request, response, new TooLargeException(limit).problem());
            } else {
                chain.doFilter(new Limited(request, limit, began), response);
            }
        } finally {
            if (!request.isAsyncStarted() && !isRead(request, began)) {
                request.setAttribute(UNREAD, true);
            }
        }
    }

    /**
     * Reads the body of a request that is refused unread, within limit and deadline. Before it is answered, because nothing can
     * be read once the answer is complete, and a connection with something unread on it is closed.
     */
    static void readOn(HttpServletRequest request) {
        if (WebUtils.getNativeRequest(request, Limited.class) == null || !hasBody(request)) {
            return;
        }
        try {
            request.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException | IllegalStateException e) {
            // Too much of it, too slow, gone, or read as text already: the connection is closed where something is
            // left.
        }
    }

    /** One that is sent without being asked for. */
    private static boolean hasBody(HttpServletRequest request) {
        return request.getHeader("Expect") == null
                && (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null);
    }

    /**
     * Reads what nobody wanted, within the deadline: whoever sends it hears the answer only when it is sent, and the
     * connection can be used again. Where that does not succeed the connection is closed: see {@link SlowBodies}.
     */
    private boolean isRead(HttpServletRequest request, long began) {
        if (!hasBody(request)) {
            return true;
        }
        try {
            var body = request.getInputStream();
            var rest = new byte[8192];
            var most = MOST_THROWN_AWAY;
            while (!body.isFinished() && most > 0 && System.nanoTime() - began <= timeout.toNanos()) {
                most -= Math.max(0, body.read(rest));
            }
            return body.isFinished();
        } catch (IOException e) {
            return false;
        }
    }

    static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        private final long limit;

        TooLargeException(long limit) {
            super("body larger than " + limit + " bytes");
            this.limit = limit;
        }

        ProblemException problem() {
            return ProblemException.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "body_too_large",
                    "The body is larger than " + ByteSize.show(limit) + ": send less.");
        }
    }

    private final class Limited extends HttpServletRequestWrapper {

        private final long limit;
        private final long began;

        Limited(HttpServletRequest request, long limit, long began) {
            super(request);
            this.limit = limit;
            this.began = began;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counting(super.getInputStream(), limit, began);
        }
    }

    private final class Counting extends ServletInputStream {

        private final ServletInputStream body;
        private final long limit;
        private final long began;
        private long seen;

        Counting(ServletInputStream body, long limit, long began) {
            this.body = body;
            this.limit = limit;
            this.began = began;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = body.read(into, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int more) throws IOException {
            seen += more;
            if (seen > limit) {
                throw new TooLargeException(limit);
            }
            if (System.nanoTime() - began > timeout.toNanos()) {
                throw new SocketTimeoutException("the body did not come within " + timeout);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
