// A function in Go that reads its event and gives a fixed answer.

//go:debug default=go1.27
package main

import (
	"encoding/json"

	"peers/runtime"
)

func main() {
	runtime.Run(func(payload []byte) ([]byte, error) {
		var event map[string]any
		if err := json.Unmarshal(payload, &event); err != nil {
			return nil, err
		}
		return json.Marshal(map[string]int{"items": 1})
	})
}
