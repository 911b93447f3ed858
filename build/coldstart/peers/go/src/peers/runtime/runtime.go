// Package runtime is a Runtime API loop on net/http, like that of aws-lambda-go.
package runtime

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

// Run answers events with what handle returns for them.
func Run(handle func(payload []byte) ([]byte, error)) {
	invocation := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
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
		answer, err := handle(payload)
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
