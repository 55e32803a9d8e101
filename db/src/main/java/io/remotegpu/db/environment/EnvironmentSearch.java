package io.remotegpu.db.environment;

import org.springframework.data.domain.Page;

/** Lists of environments. */
public interface EnvironmentSearch {

    /**
     * One page, newest first.
     *
     * @param page from 0
     */
    Page<Environment> search(EnvironmentFilter filter, int page, int pageSize);
}
