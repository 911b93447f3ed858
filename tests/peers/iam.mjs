// iam.mjs MODULES FILE: decides requests by policies as IAM does. The file is {"policies": [POLICY], "requests": [{"action", "resource",
// "context"}]}; standard output has a list for each policy, with true for what it allows. The engine knows all actions, which resources
// each of them takes, and which keys its conditions can have: what IAM could never be asked ends with exit code 1.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const account = "123456789012";
const { runSimulation } = await import(pathToFileURL(`${process.argv[2]}/@cloud-copilot/iam-simulate/dist/esm/index.js`));
// The engine does not know that documents of AWS have no account
// (docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-identity-based-policies.html), so here they have one of their own.
const question = readFileSync(process.argv[3], "utf8").replace(/(arn:aws:ssm:[^:"]*)::/g, "$1:000000000000:");
const { policies, requests } = JSON.parse(question);
const decided = [];
for (const policy of policies) {
  const row = [];
  for (const { action, resource, context } of requests) {
    const principal = context["aws:PrincipalArn"]?.[0] ?? `arn:aws:iam::${account}:role/fasttrigger`;
    const result = await runSimulation(
      {
        request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
        identityPolicies: [{ name: "policy", policy }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    if (result.resultType === "error" || result.result?.ignoredContextKeys?.length > 0) {
      console.error(`${action} on ${resource}: ${JSON.stringify(result)}`);
      process.exit(1);
    }

    row.push(result.overallResult === "Allowed");
  }

  decided.push(row);
}

process.stdout.write(JSON.stringify(decided));
