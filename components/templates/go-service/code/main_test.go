package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAnswersItsHealthPath(t *testing.T) {
	answer := httptest.NewRecorder()
	handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("got %d, want 200", answer.Code)
	}
}
