// A typical function in Go that tags the instances of a RunInstances event with their owner: aws-sdk-go-v2, and a client that is created
// during INIT. With the argument warm-up, INIT also makes a dry run of the call, so that the connection is there when the event comes.

//go:debug default=go1.27
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"peers/runtime"
)

type event struct {
	Detail struct {
		EventName    string `json:"eventName"`
		UserIdentity struct {
			UserName    string `json:"userName"`
			PrincipalID string `json:"principalId"`
		} `json:"userIdentity"`
		ResponseElements struct {
			InstancesSet struct {
				Items []struct {
					InstanceID          string `json:"instanceId"`
					NetworkInterfaceSet struct {
						Items []struct {
							NetworkInterfaceID string `json:"networkInterfaceId"`
						} `json:"items"`
					} `json:"networkInterfaceSet"`
				} `json:"items"`
			} `json:"instancesSet"`
		} `json:"responseElements"`
	} `json:"detail"`
}

func handle(client *ec2.Client, payload []byte) ([]byte, error) {
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, err
	}
	if e.Detail.EventName != "RunInstances" {
		return []byte(`{"tagged":0}`), nil
	}
	var ids []string
	for _, instance := range e.Detail.ResponseElements.InstancesSet.Items {
		ids = append(ids, instance.InstanceID)
		for _, networkInterface := range instance.NetworkInterfaceSet.Items {
			ids = append(ids, networkInterface.NetworkInterfaceID)
		}
	}
	owner := e.Detail.UserIdentity.UserName
	if owner == "" {
		owner = e.Detail.UserIdentity.PrincipalID[strings.IndexByte(e.Detail.UserIdentity.PrincipalID, ':')+1:]
	}
	if _, err := client.CreateTags(context.Background(), createTags(ids, owner)); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]int{"tagged": len(ids)})
}

func createTags(ids []string, owner string) *ec2.CreateTagsInput {
	return &ec2.CreateTagsInput{Resources: ids, Tags: []types.Tag{{Key: aws.String("Owner"), Value: aws.String(owner)}}}
}

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	client := ec2.NewFromConfig(settings)
	if len(os.Args) > 1 && os.Args[1] == "warm-up" {
		// A dry run ends with the error DryRunOperation.
		request := createTags([]string{os.Getenv("WARM_UP_INSTANCE")}, "nobody")
		request.DryRun = aws.Bool(true)
		client.CreateTags(context.Background(), request)
	}
	runtime.Run(func(payload []byte) ([]byte, error) { return handle(client, payload) })
}
