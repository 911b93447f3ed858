namespace FastTrigger.Actions.Tagging;

/// <summary>
/// The API calls of EC2 that create taggable resources, and the paths of their ids in CloudTrail's responseElements. A path leads through
/// objects; NAME[] is a list. A test compares the names with EC2's own API model
/// (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html).
/// </summary>
internal static class CreatingCalls
{
    private static readonly (string Event, string[] Paths)[] s_all =
    [
        ("RunInstances", ["instancesSet[].instanceId", "instancesSet[].networkInterfaceSet[].networkInterfaceId"]),
        ("AllocateAddress", ["allocationId"]),
        ("AllocateHosts", ["hostIdSet[]"]),
        ("CopyImage", ["imageId"]),
        ("CopySnapshot", ["snapshotId"]),
        ("CreateCapacityReservation", ["capacityReservation.capacityReservationId"]),
        ("CreateCarrierGateway", ["carrierGateway.carrierGatewayId"]),
        ("CreateClientVpnEndpoint", ["clientVpnEndpointId"]),
        ("CreateCustomerGateway", ["customerGateway.customerGatewayId"]),
        ("CreateDhcpOptions", ["dhcpOptions.dhcpOptionsId"]),
        ("CreateEgressOnlyInternetGateway", ["egressOnlyInternetGateway.egressOnlyInternetGatewayId"]),
        ("CreateFleet", ["fleetId", "fleetInstanceSet[].instanceIds[]"]),
        ("CreateFlowLogs", ["flowLogIdSet[]"]),
        ("CreateImage", ["imageId"]),
        ("CreateInternetGateway", ["internetGateway.internetGatewayId"]),
        ("CreateKeyPair", ["keyPairId"]),
        ("CreateLaunchTemplate", ["launchTemplate.launchTemplateId"]),
        ("CreateManagedPrefixList", ["prefixList.prefixListId"]),
        ("CreateNatGateway", ["natGateway.natGatewayId"]),
        ("CreateNetworkAcl", ["networkAcl.networkAclId"]),
        ("CreateNetworkInterface", ["networkInterface.networkInterfaceId"]),
        ("CreatePlacementGroup", ["placementGroup.groupId"]),
        ("CreateRouteTable", ["routeTable.routeTableId"]),
        ("CreateSecurityGroup", ["groupId"]),
        ("CreateSnapshot", ["snapshotId"]),
        ("CreateSnapshots", ["snapshotSet[].snapshotId"]),
        ("CreateSubnet", ["subnet.subnetId"]),
        ("CreateTransitGateway", ["transitGateway.transitGatewayId"]),
        ("CreateTransitGatewayVpcAttachment", ["transitGatewayVpcAttachment.transitGatewayAttachmentId"]),
        ("CreateVolume", ["volumeId"]),
        ("CreateVpc", ["vpc.vpcId"]),
        ("CreateVpcEndpoint", ["vpcEndpoint.vpcEndpointId"]),
        ("CreateVpcPeeringConnection", ["vpcPeeringConnection.vpcPeeringConnectionId"]),
        ("CreateVpnConnection", ["vpnConnection.vpnConnectionId"]),
        ("CreateVpnGateway", ["vpnGateway.vpnGatewayId"]),
        ("ImportKeyPair", ["keyPairId"]),
        ("RegisterImage", ["imageId"]),
        ("RequestSpotInstances", ["spotInstanceRequestSet[].spotInstanceRequestId"]),
    ];

    /// <summary>Every call, for documentation and tests.</summary>
    public static IReadOnlyList<(string Event, string[] Paths)> All => s_all;

    /// <summary>The paths of a call; null when it is not in the list.</summary>
    public static string[]? Find(string name)
    {
        foreach (var (known, paths) in s_all)
        {
            if (known == name)
            {
                return paths;
            }
        }

        return null;
    }
}
