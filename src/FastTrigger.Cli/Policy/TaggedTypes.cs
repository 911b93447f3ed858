namespace FastTrigger.Cli.Policy;

/// <summary>
/// IAM's names of the resource types that an API call of EC2 creates
/// (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
/// </summary>
internal static class TaggedTypes
{
    private static readonly Dictionary<string, string[]> s_types = new()
    {
        ["RunInstances"] = ["instance", "network-interface", "volume"],
        ["AllocateAddress"] = ["elastic-ip"],
        ["AllocateHosts"] = ["dedicated-host"],
        ["CopyImage"] = ["image"],
        ["CopySnapshot"] = ["snapshot"],
        ["CreateCapacityReservation"] = ["capacity-reservation"],
        ["CreateCarrierGateway"] = ["carrier-gateway"],
        ["CreateClientVpnEndpoint"] = ["client-vpn-endpoint"],
        ["CreateCustomerGateway"] = ["customer-gateway"],
        ["CreateDhcpOptions"] = ["dhcp-options"],
        ["CreateEgressOnlyInternetGateway"] = ["egress-only-internet-gateway"],
        ["CreateFleet"] = ["fleet", "instance"],
        ["CreateFlowLogs"] = ["vpc-flow-log"],
        ["CreateImage"] = ["image"],
        ["CreateInternetGateway"] = ["internet-gateway"],
        ["CreateKeyPair"] = ["key-pair"],
        ["CreateLaunchTemplate"] = ["launch-template"],
        ["CreateManagedPrefixList"] = ["prefix-list"],
        ["CreateNatGateway"] = ["natgateway"],
        ["CreateNetworkAcl"] = ["network-acl"],
        ["CreateNetworkInterface"] = ["network-interface"],
        ["CreatePlacementGroup"] = ["placement-group"],
        ["CreateRouteTable"] = ["route-table"],
        ["CreateSecurityGroup"] = ["security-group"],
        ["CreateSnapshot"] = ["snapshot"],
        ["CreateSnapshots"] = ["snapshot"],
        ["CreateSubnet"] = ["subnet"],
        ["CreateTransitGateway"] = ["transit-gateway"],
        ["CreateTransitGatewayVpcAttachment"] = ["transit-gateway-attachment"],
        ["CreateVolume"] = ["volume"],
        ["CreateVpc"] = ["vpc"],
        ["CreateVpcEndpoint"] = ["vpc-endpoint"],
        ["CreateVpcPeeringConnection"] = ["vpc-peering-connection"],
        ["CreateVpnConnection"] = ["vpn-connection"],
        ["CreateVpnGateway"] = ["vpn-gateway"],
        ["ImportKeyPair"] = ["key-pair"],
        ["RegisterImage"] = ["image"],
        ["RequestSpotInstances"] = ["spot-instances-request"],
    };

    public static IEnumerable<string> Calls => s_types.Keys;

    /// <summary>The types of these calls; of all calls when there is none.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> calls)
    {
        var types = calls.Count == 0 ? s_types.Values : calls.Where(s_types.ContainsKey).Select(call => s_types[call]);
        return types.SelectMany(type => type).Distinct();
    }
}
