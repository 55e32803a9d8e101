package io.remotegpu.standalone;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The API and the worker in one process. */
@SpringBootApplication
class StandaloneApplication {}
