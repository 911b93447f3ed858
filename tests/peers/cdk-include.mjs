// cdk-include.mjs MODULES TEMPLATE: has aws-cdk-lib read a template and make it again. It knows every type and property of CloudFormation, and of SAM's resources, and
// throws at references to nothing and values of the wrong kind; what else it does not like it says on standard error. Prints what it made.
import { createRequire } from "node:module";

const [, , modules, templateFile] = process.argv;
const require = createRequire(modules + "/");
const { App, Stack } = require("aws-cdk-lib");
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include");

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, "Stack");
new CfnInclude(stack, "Template", { templateFile });
process.stdout.write(JSON.stringify(app.synth().getStackByName("Stack").template));
