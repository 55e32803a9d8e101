package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The server's database, read beside it. */
record Database(Server server) {

    /** What a query selects: its columns as text, joined by spaces. */
    List<String> ask(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                var row = new ArrayList<String>();
                for (int column = 1; column <= columns; column++) {
                    row.add(String.valueOf(rows.getString(column)));
                }
                found.add(String.join(" ", row));
            }
            return found;
        }
    }

    private Connection connect() throws SQLException {
        try {
            String password =
                    Files.readString(server.home().resolve("postgres/password")).strip();
            return DriverManager.getConnection(
                    "jdbc:postgresql://" + server.state("postgres") + "/remotegpu?connectTimeout=5&socketTimeout=20",
                    "remotegpu",
                    password);
        } catch (IOException e) {
            throw new SQLException("the database's password cannot be read", e);
        }
    }
}
