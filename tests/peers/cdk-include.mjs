// cdk-include.mjs MODULES TEMPLATE: reads a template with aws-cdk-lib and prints the template that aws-cdk-lib generates from it. The
// library knows all types and properties of CloudFormation and SAM. It throws on broken references and on values of the wrong type, and
// writes warnings to standard error.
import { createRequire } from "node:module";

const [, , modules, templateFile] = process.argv;
const require = createRequire(modules + "/");
const { App, Stack } = require("aws-cdk-lib");
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include");

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, "Stack");
new CfnInclude(stack, "Template", { templateFile });
process.stdout.write(JSON.stringify(app.synth().getStackByName("Stack").template));
