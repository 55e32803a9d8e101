package io.remotegpu.chaos.hook;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowClientPlugin;
import io.temporal.common.SimplePlugin;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Gives every worker of the server {@link StepScript}'s trouble; found by Spring Boot because its file names it. */
public final class StepTrouble implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** Names the folder with the script; without it nothing is done. */
    public static final String FOLDER = "REMOTEGPU_CHAOS_STEPS";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        @Nullable String folder = System.getenv(FOLDER);
        if (folder != null) {
            var script = new StepScript(Path.of(folder));
            context.addBeanFactoryPostProcessor(beans -> beans.addBeanPostProcessor(new Around(script)));
        }
    }

    private record Around(StepScript script) implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof WorkflowClient client ? troubled(client) : bean;
        }

        private WorkflowClient troubled(WorkflowClient client) {
            // Workers take over the plugins of their client.
            var plugin = SimplePlugin.newBuilder("chaos")
                    .addWorkerInterceptors(new TroubledSteps(script))
                    .build();
            return WorkflowClient.newInstance(
                    client.getWorkflowServiceStubs(),
                    WorkflowClientOptions.newBuilder(Objects.requireNonNull(client.getOptions()))
                            .setPlugins(new WorkflowClientPlugin[] {plugin})
                            .build());
        }
    }
}
