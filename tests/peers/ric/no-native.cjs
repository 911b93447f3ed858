// AWS's runtime interface client loads a native library before anything else. It is built from source at installation, which needs
// the network. Its client in JavaScript, which AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1 chooses, does without.
const Module = require("node:module");

const load = Module._load;
Module._load = (name, ...rest) => (name === "./rapid-client.node" ? { initializeClient() {} } : load(name, ...rest));
