package io.remotegpu.api.broken;

import org.springframework.beans.factory.annotation.Autowired;

public class InjectsField {
    @Autowired
    String name = "";
}
