// A typical function in Go that tags the instances of a RunInstances event with their owner: aws-sdk-go-v2, a client that is created during
// INIT, and a runtime loop on net/http like that of aws-lambda-go.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
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
		owner = e.Detail.UserIdentity.PrincipalID
	}
	tags := []types.Tag{{Key: aws.String("Owner"), Value: aws.String(owner)}}
	_, err := client.CreateTags(context.Background(), &ec2.CreateTagsInput{Resources: ids, Tags: tags})
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]int{"tagged": len(ids)})
}

func main() {
	invocation := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	client := ec2.NewFromConfig(settings, ec2.WithEndpointResolver(ec2.EndpointResolverFromURL(os.Getenv("AWS_ENDPOINT_URL"))))
	for {
		next, err := http.Get(invocation + "next")
		if err != nil {
			log.Fatal(err)
		}
		payload, err := io.ReadAll(next.Body)
		next.Body.Close()
		if err != nil {
			log.Fatal(err)
		}
		path := "/response"
		answer, err := handle(client, payload)
		if err != nil {
			path = "/error"
			answer, _ = json.Marshal(map[string]string{"errorType": "Function.Failed", "errorMessage": err.Error()})
		}
		done, err := http.Post(invocation+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+path, "application/json", bytes.NewReader(answer))
		if err != nil {
			log.Fatal(err)
		}
		io.Copy(io.Discard, done.Body)
		done.Body.Close()
	}
}
