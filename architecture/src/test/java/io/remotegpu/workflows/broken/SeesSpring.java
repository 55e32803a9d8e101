package io.remotegpu.workflows.broken;

import org.springframework.stereotype.Component;

@Component
public class SeesSpring {}
