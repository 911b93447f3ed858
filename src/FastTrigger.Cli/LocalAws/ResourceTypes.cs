namespace FastTrigger.Cli.LocalAws;

/// <summary>The resource types of EC2 by the prefixes of their ids, with the error codes of ids that do not exist.</summary>
internal static class ResourceTypes
{
    private static readonly (string Prefix, string Name, string NotFound)[] s_all =
    [
        ("i-", "instance", "InvalidInstanceID.NotFound"),
        ("eni-", "network-interface", "InvalidNetworkInterfaceID.NotFound"),
        ("vol-", "volume", "InvalidVolume.NotFound"),
        ("snap-", "snapshot", "InvalidSnapshot.NotFound"),
        ("ami-", "image", "InvalidAMIID.NotFound"),
        ("vpc-", "vpc", "InvalidVpcID.NotFound"),
        ("subnet-", "subnet", "InvalidSubnetID.NotFound"),
        ("sg-", "security-group", "InvalidGroup.NotFound"),
        ("eipalloc-", "elastic-ip", "InvalidAllocationID.NotFound"),
        ("nat-", "natgateway", "NatGatewayNotFound"),
        ("igw-", "internet-gateway", "InvalidInternetGatewayID.NotFound"),
        ("eigw-", "egress-only-internet-gateway", "InvalidEgressOnlyInternetGatewayId.NotFound"),
        ("rtb-", "route-table", "InvalidRouteTableID.NotFound"),
        ("acl-", "network-acl", "InvalidNetworkAclID.NotFound"),
        ("vpce-", "vpc-endpoint", "InvalidVpcEndpointId.NotFound"),
        ("pcx-", "vpc-peering-connection", "InvalidVpcPeeringConnectionID.NotFound"),
        ("lt-", "launch-template", "InvalidLaunchTemplateId.NotFound"),
        ("key-", "key-pair", "InvalidKeyPair.NotFound"),
        ("sir-", "spot-instances-request", "InvalidSpotInstanceRequestID.NotFound"),
        ("fleet-", "fleet", "InvalidFleetId.NotFound"),
        ("tgw-attach-", "transit-gateway-attachment", "InvalidTransitGatewayAttachmentID.NotFound"),
        ("tgw-", "transit-gateway", "InvalidTransitGatewayID.NotFound"),
        ("cgw-", "customer-gateway", "InvalidCustomerGatewayID.NotFound"),
        ("vgw-", "vpn-gateway", "InvalidVpnGatewayID.NotFound"),
        ("vpn-", "vpn-connection", "InvalidVpnConnectionID.NotFound"),
        ("fl-", "vpc-flow-log", "InvalidFlowLogId.NotFound"),
        ("pg-", "placement-group", "InvalidPlacementGroup.Unknown"),
        ("dopt-", "dhcp-options", "InvalidDhcpOptionID.NotFound"),
        ("pl-", "prefix-list", "InvalidPrefixListID.NotFound"),
        ("cr-", "capacity-reservation", "InvalidCapacityReservationId.NotFound"),
        ("h-", "dedicated-host", "InvalidHostID.NotFound"),
        ("cagw-", "carrier-gateway", "InvalidCarrierGatewayID.NotFound"),
        ("cvpn-endpoint-", "client-vpn-endpoint", "InvalidClientVpnEndpointId.NotFound"),
    ];

    public static IEnumerable<string> Prefixes => s_all.Select(type => type.Prefix);

    public static (string Name, string NotFound) Of(string id) =>
        s_all
            .Where(type => id.StartsWith(type.Prefix, StringComparison.Ordinal))
            .Select(type => (type.Name, type.NotFound))
            .FirstOrDefault(("unknown", "InvalidID"));
}
