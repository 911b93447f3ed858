// A typical function in JavaScript that tags the instances of a RunInstances event with their owner: @aws-sdk/client-ec2, bundled, and a
// client that is created during INIT. With the argument warm-up, INIT also makes a dry run of the call, so that the connection is there
// when the event comes.
import { CreateTagsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { run } from "./runtime.mjs";

const client = new EC2Client({});

const createTags = (Resources, Value, DryRun) => client.send(new CreateTagsCommand({ Resources, Tags: [{ Key: "Owner", Value }], DryRun }));

const handle = async ({ detail }) => {
  if (detail?.eventName !== "RunInstances") return { tagged: 0 };
  const ids = detail.responseElements.instancesSet.items.flatMap((instance) => [
    instance.instanceId,
    ...(instance.networkInterfaceSet?.items ?? []).map((one) => one.networkInterfaceId),
  ]);
  await createTags(ids, detail.userIdentity.userName ?? detail.userIdentity.principalId.split(":").pop());
  return { tagged: ids.length };
};

// A dry run ends with the error DryRunOperation.
if (process.argv[2] === "warm-up") await createTags([process.env.WARM_UP_INSTANCE], "nobody", true).catch(() => {});

await run(handle);
