package io.remotegpu.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.user.Role;
import io.remotegpu.db.user.UserStatus;
import io.remotegpu.db.user.Users;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;

class DatabaseConfigurationIT extends DatabaseTest {

    @Autowired
    private Users users;

    @Autowired
    private JdbcCustomConversions conversions;

    @Autowired
    private RelationalMappingContext aggregates;

    @Test
    void everyEnumOfAnAggregateIsKeptByItsWireName() {
        var enums = aggregates.getPersistentEntities().stream()
                .flatMap(entity -> Arrays.stream(entity.getType().getRecordComponents()))
                .map(java.lang.reflect.RecordComponent::getType)
                .filter(Class::isEnum)
                .distinct()
                .toList();

        assertThat(enums).hasSizeGreaterThan(5).allSatisfy(type -> {
            assertThat(conversions.hasCustomWriteTarget(type, String.class)).isTrue();
            assertThat(conversions.hasCustomReadTarget(String.class, type)).isTrue();
        });
    }

    @Test
    void usersAreReadByTheSameConversions() {
        var id = user("ann");

        assertThat(users.loggedIn(id, Instant.EPOCH)).isEqualTo(1);
        assertThat(users.findById(id)).hasValueSatisfying(user -> {
            assertThat(user.role()).isEqualTo(Role.USER);
            assertThat(user.status()).isEqualTo(UserStatus.ACTIVE);
        });
    }

    @Test
    void aFlatMapSurvivesJson() {
        var map = new StringMap(Map.of("ä\"\\\n", "'{}", "", ""));

        assertThat(StringMap.ofJson(map.toJson())).isEqualTo(map);
    }
}
