package io.remotegpu.standalone;

import io.remotegpu.activities.host.HostConfiguration;
import io.remotegpu.api.ApiConfiguration;
import io.remotegpu.api.TemporalClientConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The API and the worker in one process. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ApiConfiguration.class, TemporalClientConfiguration.class, ControlRole.class, HostConfiguration.class})
class StandaloneApplication {}
