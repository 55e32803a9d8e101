package io.remotegpu.db.gpu;

import org.springframework.data.domain.Page;

/** Lists of GPUs. */
public interface GpuSearch {

    /**
     * One page, by host and index.
     *
     * @param page from 0
     */
    Page<Gpu> search(GpuFilter filter, int page, int pageSize);
}
