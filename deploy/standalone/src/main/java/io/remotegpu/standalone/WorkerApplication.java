package io.remotegpu.standalone;

import io.remotegpu.api.TemporalClientConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The control role alone: it serves nobody but Temporal, and machines are served by their agents. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({TemporalClientConfiguration.class, ControlRole.class})
class WorkerApplication {}
