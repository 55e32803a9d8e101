package io.remotegpu.api.user;

import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.UserStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** What requests about accounts say. */
public final class UserRequests {

    static final String USERNAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,31}";
    static final String EMAIL = "[^\\s@\\p{Cntrl}\"<>]{1,64}@[^\\s@\\p{Cntrl}\"<>]{1,189}";

    private static final java.util.regex.Pattern NAMES = java.util.regex.Pattern.compile(USERNAME);
    private static final java.util.regex.Pattern EMAILS = java.util.regex.Pattern.compile(EMAIL);

    /** Whether an account can have that name. */
    public static boolean isUsername(String text) {
        return NAMES.matcher(text).matches();
    }

    /** Whether an account can have that address. */
    public static boolean isEmail(String text) {
        return EMAILS.matcher(text).matches();
    }

    @Schema(name = "Registration", example = """
            {"username": "test", "email": "test@example.com", "password": "123456"}""")
    record Registration(
            @NotNull
            @Pattern(
                    regexp = USERNAME,
                    message =
                            "must have 1 to 32 letters, digits, dots, dashes or underscores, and begin with a letter or digit")
            String username,

            @NotNull
            @Pattern(regexp = EMAIL, message = "must be an email address such as name@example.com")
            @Schema(example = "test@example.com")
            String email,

            @NotNull @Schema(description = "How long at least is a setting; at most 72 bytes", format = "password")
            String password) {

        @Override
        public String toString() {
            return "Registration[" + username + "]";
        }
    }

    @Schema(name = "Credentials", example = """
            {"username": "test", "password": "123456"}""")
    record Credentials(
            @NotNull @Size(max = 254) String username,

            @NotNull @Size(max = 1024) @Schema(format = "password")
            String password) {

        @Override
        public String toString() {
            return "Credentials[" + username + "]";
        }
    }

    @Schema(name = "Profile", example = """
            {"email": "new@example.com"}""")
    record Profile(
            @NotNull @Pattern(regexp = EMAIL, message = "must be an email address such as name@example.com")
            String email) {}

    @Schema(name = "PasswordChange", example = """
            {"current_password": "123456", "new_password": "a much longer one"}""")
    record PasswordChange(
            @NotNull @Size(max = 1024) @Schema(format = "password")
            String currentPassword,

            @NotNull @Schema(format = "password") String newPassword) {

        @Override
        public String toString() {
            return "PasswordChange[]";
        }
    }

    @Schema(name = "StatusChange", example = """
            {"status": "inactive"}""")
    record StatusChange(@NotNull UserStatus status) {}

    @Schema(name = "RoleChange", example = """
            {"role": "admin"}""")
    record RoleChange(@NotNull Role role) {}

    private UserRequests() {}
}
