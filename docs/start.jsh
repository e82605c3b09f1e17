// What jshell begins with: docs/guide.md.
System.setProperty("OPT_OUT_TRACKING", "true");
System.setProperty("ai.djl.offline", "true");
System.setProperty("org.slf4j.simpleLogger.log.ai.djl", "error");
import io.github.resnetensembles.*;
import io.github.resnetensembles.examples.plots.*;
import io.github.resnetensembles.gradient.*;
import io.github.resnetensembles.images.*;
import io.github.resnetensembles.lesion.*;
import io.github.resnetensembles.model.*;
import io.github.resnetensembles.network.*;
import io.github.resnetensembles.path.*;
import io.github.resnetensembles.report.*;
import io.github.resnetensembles.result.*;
import io.github.resnetensembles.statistics.*;
import io.github.resnetensembles.training.*;
import io.github.resnetensembles.weights.*;
