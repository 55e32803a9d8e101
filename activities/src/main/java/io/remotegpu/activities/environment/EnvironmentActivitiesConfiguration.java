package io.remotegpu.activities.environment;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The database steps as beans. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class EnvironmentActivitiesConfiguration {}
