package io.featurebeam.io.jdbc;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Where a PostgreSQL database is and who comes. What the driver can do, such as TLS, is said in the
 * url: {@code jdbc:postgresql://host:5432/features?sslmode=verify-full&sslrootcert=/etc/pg/ca.crt}.
 */
public final class JdbcAccess implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Pattern URL = Pattern.compile("jdbc:postgresql:(//[^/?]+/)?[^?]+(\\?.*)?");

  /** A password in the url would be shown wherever the url is. */
  private static final Pattern LOGIN_IN_URL =
      Pattern.compile("[?&](user|password)=|//[^/]*@", Pattern.CASE_INSENSITIVE);

  private final String url;
  private final String user;
  private final @Nullable String password;

  private JdbcAccess(String url, String user, @Nullable String password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /**
   * A database and a login.
   *
   * @param url without user and password
   * @param password null where the server asks for none
   */
  public static JdbcAccess of(String url, String user, @Nullable String password) {
    Objects.requireNonNull(url, "url is null");
    if (user.isBlank()) {
      throw new IllegalArgumentException("Invalid user: '' (must not be empty)");
    }
    if (LOGIN_IN_URL.matcher(url).find()) {
      throw new IllegalArgumentException(
          "Invalid url: it holds a user or a password (give them by their own keys, so that no log"
              + " shows them)");
    }
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "Invalid url: '" + url + "' (must be jdbc:postgresql://host:port/database)");
    }
    return new JdbcAccess(url, user, password);
  }

  /**
   * A connection of one's own, with which every statement is a transaction until told otherwise.
   */
  Connection open() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (password != null) {
      properties.setProperty("password", password);
    }
    // a server that is gone must be noticed; what the url says stands before these
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "featurebeam");
    // not by DriverManager, which on a cluster may have been filled before this jar was there
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("The driver does not know " + this, "08001");
    }
    return connection;
  }

  /** Whether the server answers and lets us in; an error that says what to do if not. */
  public void check() {
    try (Connection connection = open()) {
      connection.getAutoCommit(); // it is there
    } catch (SQLException e) {
      throw new IllegalArgumentException(Problems.text(e, this), e);
    }
  }

  String user() {
    return user;
  }

  /** The database's name, as far as the url shows it. */
  String database() {
    String place = toString();
    return place.substring(Math.max(place.lastIndexOf('/'), place.lastIndexOf(':')) + 1);
  }

  /** The url without its settings. */
  @Override
  public String toString() {
    int settings = url.indexOf('?');
    return settings < 0 ? url : url.substring(0, settings);
  }
}
